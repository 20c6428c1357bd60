#!/bin/sh
# INSTANCE or GROUP, its name, the state, the priority: one line in the system log.
exec logger -t vrrp -- "$1 $2 is $3, priority $4"
