"""What tests need: stores on both engines, a running application, a browser."""
