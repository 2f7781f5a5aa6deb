#!/bin/bash
# Exercise 2 for goss, as root on the machine whose engine runs the stack: one goss file for what Docker says, one for
# each sandbox that something is seen from, all at once; then two stages in which the stack is disturbed.
# usage: grade.sh FOLDER-WITH-COMPOSE-FILE        exit 1: some rule does not hold, its name is the title of a failure
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "$1" || exit 2
project=netgrade-bench-goss
compose() { docker compose --project-name $project "$@" 2>/dev/null; }
validate() { goss --gossfile "$here/$1.yaml" --vars "$vars" validate --no-color "${@:2}"; }
# A container that runs does not listen yet.
works() { validate works --retry-timeout 10s --sleep 100ms; }
in_sandbox() { nsenter --net="$1" goss --gossfile "$here/$2.yaml" --vars "$vars" validate --no-color; }
vars=$(mktemp --suffix .yaml)
failed=0

# Where everything is: ids, sandboxes and addresses are others after each start.
look() {
  local known='{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.ResolvConfPath}} {{.NetworkSettings.SandboxKey}}'
  on() { echo "{{with index .NetworkSettings.Networks \"${project}_$1\"}}{{.IPAddress}}{{else}}-{{end}}"; }
  local service id resolv sandbox public private
  while read -r service id resolv sandbox public private; do
    case $service in
      nginx) nginx=$id nginx_resolv=$resolv nginx_sandbox=$sandbox ;;
      flask-app) flask=$id flask_resolv=$resolv flask_sandbox=$sandbox flask_public=$public ;;
      mongo) mongo=$id mongo_resolv=$resolv mongo_address=$private ;;
    esac
  done < <(docker ps --all --quiet --filter label=com.docker.compose.project=$project |
    xargs docker inspect --format "$known $(on public-net-1) $(on private-net-1)")
  cat > "$vars" <<VARS
project: $project
rule: $1
nginx: $nginx
flask: $flask
mongo: $mongo
resolv: { nginx: $nginx_resolv, flask: $flask_resolv, mongo: $mongo_resolv }
address: { flaskPublic: "$flask_public", mongo: "$mongo_address" }
port: $(docker port "$nginx" 80 | head -n 1 | sed 's/.*://')
outside: $(docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}')
VARS
}

compose up --detach --wait > /dev/null || true
look end-to-end
works || failed=1
validate stack & jobs=$!
in_sandbox "$nginx_sandbox" nginx & jobs="$jobs $!"
in_sandbox "$flask_sandbox" flask-app & jobs="$jobs $!"
for job in $jobs; do wait "$job" || failed=1; done

docker pause "$mongo" > /dev/null
validate database-away || failed=1
docker unpause "$mongo" > /dev/null

# Other addresses: a network that stands where one of the stack's stood.
compose down --volumes --timeout 0 > /dev/null
docker network create $project-in-the-way > /dev/null
compose up --detach --wait > /dev/null || true
look by-name-not-by-address
works || failed=1

compose down --volumes --timeout 0 > /dev/null
docker network rm $project-in-the-way > /dev/null
rm -f "$vars"
exit $failed
