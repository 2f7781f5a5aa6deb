docker compose up --detach --wait
docker network connect bridge alpine4
