"""The dashboard's screen: widgets, calls into the package, nothing computed. Only here is Streamlit."""
