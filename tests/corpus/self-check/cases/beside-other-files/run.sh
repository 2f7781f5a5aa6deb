touch /tmp/ran
exit 1
