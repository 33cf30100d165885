# For a server behind a proxy with login: see docs/deploy.md. Holds the model; needs no network to run.
FROM python:3.11-slim

RUN useradd --create-home desk
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu \
    && pip install --no-cache-dir -r requirements.txt
COPY .streamlit .streamlit
COPY dashboard.py .
COPY data data
COPY stance stance
USER desk
EXPOSE 8501
# Inside a container loopback is the container's own; who may reach it, `docker run -p` decides.
CMD ["streamlit", "run", "dashboard.py", "--server.address=0.0.0.0", "--server.headless=true"]
