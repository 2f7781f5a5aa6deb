#!/bin/bash
# Puts images of this engine into a folder from which the probe agent's registry serves them
# (helpers/machine/probe/agent/registry.ts). It is run once, while the golden volume is filled.
# usage: keep-images FOLDER IMAGE…
#
#   FOLDER/blobs/HEX        a layer as a tar archive that is not compressed, or an image's configuration, by its SHA-256
#   FOLDER/images.json      [{ "names": ["nginx:latest"], "config": HEX, "layers": [HEX, …], "standIn": true }, …]
#
# What `docker save` writes differs between the generations, but for manifest.json ("Docker Image Specification v1.2").
set -euo pipefail
folder=$1
shift
work=$folder/work
mkdir -p "$work" "$folder/blobs"
docker save "$@" | tar -x -C "$work"
jq -r '.[].Config' "$work/manifest.json" | sort -u | while read -r config; do
  # The digests of the layers as they are unpacked stand in the configuration, in their order. So nothing has to be computed.
  paste <(jq -r '.rootfs.diff_ids[]' "$work/$config") \
    <(jq -r --arg config "$config" 'first(.[] | select(.Config == $config)).Layers[]' "$work/manifest.json") |
    while read -r digest layer; do
      # One that several images have may be a link to that of the first of them.
      [ -e "$folder/blobs/${digest#sha256:}" ] || cp "$(realpath "$work/$layer")" "$folder/blobs/${digest#sha256:}"
    done
  cp "$work/$config" "$folder/blobs/$(sha256sum "$work/$config" | cut -d' ' -f1)"
done
jq -r '.[] | [.Config, (.RepoTags // [] | join(","))] | @tsv' "$work/manifest.json" | while IFS=$'\t' read -r config names; do
  jq -c --arg names "$names" --arg config "$(sha256sum "$work/$config" | cut -d' ' -f1)" \
    '{names: ($names | split(",")), config: $config, layers: [.rootfs.diff_ids[] | sub("^sha256:"; "")],
      standIn: (.config.Labels // {} | has("netgrade.digest"))}' "$work/$config"
done | jq -s . > "$folder/images.json"
rm -r "$work"
chmod -R u=rwX,go= "$folder"
