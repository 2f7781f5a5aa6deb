#!/bin/bash
# data first, then one loop over it
declare -A IMAGE=( [mongo]=mongo [flask-app]=course_flask [nginx]=course_nginx )
declare -A NETS=( [mongo]="private-net-1" [flask-app]="public-net-1 private-net-1" [nginx]="public-net-1" )
declare -A EXTRA=( [nginx]="-p 8080:80" )

for dir in nginx flask-app; do
  docker build -t "course_${dir%%-*}" "$dir" || { echo "cannot build $dir"; exit 1; }
done

printf '%s\n' ${NETS[@]} | sort -u | xargs -n1 docker network create

for role in mongo flask-app nginx; do
  read -r first others <<< "${NETS[$role]}"
  docker create --name "$role" --network "$first" ${EXTRA[$role]:-} "${IMAGE[$role]}"
  for other in $others; do
    docker network connect "$other" "$role"
  done
  docker start "$role"
done
