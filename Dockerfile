# One image for web, workers and beat; docker-compose.yml says which of them a container is.
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MALLOC_ARENA_MAX=2 DJANGO_SETTINGS_MODULE=zisnews.settings ZIS_DATA=/data
RUN useradd --create-home --uid 1000 zis && install -d -o zis -g zis /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
RUN python -m zisnews.translations && python -m compileall -q zisnews feeds accounts aggregator comments
USER zis
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "python:zisnews.gunicorn", "-b", "0.0.0.0:8000", "zisnews.wsgi:application"]
