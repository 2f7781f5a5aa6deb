docker run -dit --name box busybox
docker network create my-net
docker network connect my-net box
