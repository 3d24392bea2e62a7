"""What stands around Streamlit in the ASGI application: routes, middleware, start and stop."""

from ccm.web.headers import middleware
from ccm.web.lifespan import lifespan
from ccm.web.routes import routes

__all__ = ["lifespan", "middleware", "routes"]
