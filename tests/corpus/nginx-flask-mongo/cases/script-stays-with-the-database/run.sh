docker network create private-net-1
docker network create public-net-1
docker run --name mongo --network private-net-1 mongo
docker build -t app flask-app
docker run --name flask-app --network private-net-1 app
