#!/bin/sh
# What Claude Code starts for a hook of the approval server: hands the event on its standard input to the server, and prints the
# server's answer. Without a server, or when anything goes wrong, it says nothing: the dialog stays, and no turn fails.
# Usage: hook.sh EVENT [URL [NODE]], where URL is the server (http://127.0.0.1:8000) and NODE the program to use. The token comes from
# the environment and is never an argument: arguments can be read by every user of the machine.
event=$1
url=$2
node=$3
here=${0%/*}

# Nothing of the session's Node settings belongs into this program.
unset NODE_OPTIONS NODE_DEBUG NODE_V8_COVERAGE
# A Node that was updated has moved: the one that the session finds will do.
command -v "$node" >/dev/null 2>&1 || node=node

# Reads what it is handed: a pipe that breaks would be an error at the terminal.
quiet() {
  cat >/dev/null
  exit 0
}

by_node() {
  command -v "$node" >/dev/null 2>&1 || quiet
  exec "$node" "$here/hook.js" "$event" "$url"
}

# Ahead of each tool: only a session without a terminal is answered, and no task of the server's own.
if [ "$event" = pre-tool-use ]; then
  [ "${CLAUDE_CODE_SESSION_ATTENDED-}" = 0 ] || quiet
  [ -z "${APPROVAL_TASK-}" ] || quiet
fi

case $event in
  permission-request | permission-denied | elicitation | wait-reply | pre-tool-use) by_node ;;
esac
# What only tells comes after each tool: curl starts in a tenth of Node's time.
command -v curl >/dev/null 2>&1 || by_node
[ -d /dev/fd ] || by_node
# Such a token would have to be quoted for curl.
case ${APPROVAL_TOKEN-} in *[!A-Za-z0-9._~+/=-]*) by_node ;; esac

auth=
[ -z "${APPROVAL_TOKEN-}" ] || auth="header = \"Authorization: Bearer $APPROVAL_TOKEN\""
if [ -z "$url" ]; then
  port=${SERVER_PORT:-8000}
  # A project's settings may set it, and what follows an @ would be another machine.
  case $port in *[!0-9]*) quiet ;; esac
  url=http://127.0.0.1:$port
fi
curl -q -s -o /dev/null --noproxy '*' --connect-timeout 2 --max-time 4 -K /dev/fd/3 \
  -H 'Content-Type: application/json' -H 'Expect:' --data-binary @- "$url/hooks/$event" 3<<END >/dev/null 2>&1
$auth
END
exit 0
