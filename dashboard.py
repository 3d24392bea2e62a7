"""The CCM dashboard: the router Streamlit runs for each reader, and the ASGI application around it.

Streamlit executes this file as `__main__` on every run, and imports it once as the application.
"""

if __name__ == "__main__":
    from ccm.ui.router import router

    router()
else:
    import streamlit as st

    from ccm import web
    from ccm.ui.failures import incident

    app = st.App(
        __file__,
        routes=web.routes(),
        middleware=web.middleware(),
        lifespan=web.lifespan,
        on_script_error=incident,
    )
