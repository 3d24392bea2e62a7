"""The CCM dashboard: the router Streamlit runs for each reader, and the ASGI application around it.

Streamlit executes this file as `__main__` on every run, and imports it once as the application.
"""

if __name__ == "__main__":
    from ccm.ui.router import router

    router()
else:
    import streamlit as st
    from streamlit.runtime.pages_manager import PagesManager

    from ccm import web
    from ccm.ui.failures import incident

    # Streamlit's older way of making a page of every file in pages/ would run the first reader's page
    # without the router; the router says so too, but only once it has run.
    PagesManager.uses_pages_directory = False

    app = st.App(
        __file__,
        routes=web.routes(),
        middleware=web.middleware(st.get_option("server.allowedHosts")),
        lifespan=web.lifespan,
        on_script_error=incident,
    )
