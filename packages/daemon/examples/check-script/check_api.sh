#!/bin/sh
# Is the API answering?
exec curl --silent --fail --max-time 2 --output /dev/null http://localhost:8080/health
