#!/bin/sh
# What the official image does before nginx starts, as far as a lab can notice it: templates are filled in
# from the environment, and the stream module (built in there, a file here) is at hand.
set -e
if [ "$1" = nginx ]; then
  for template in /etc/nginx/templates/*.template; do
    [ -f "$template" ] || continue
    defined=$(env | cut -d= -f1 | sed 's/.*/${&}/' | tr '\n' ' ')
    envsubst "$defined" < "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
  done
  module=/usr/lib/nginx/modules/ngx_stream_module.so
  if [ "$*" = "nginx -g daemon off;" ] && ! grep -q ngx_stream_module /etc/nginx/nginx.conf; then
    set -- nginx -g "load_module $module; daemon off;"
  fi
fi
exec "$@"
