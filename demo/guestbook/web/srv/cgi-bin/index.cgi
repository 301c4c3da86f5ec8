#!/bin/sh
# The page itself: httpd runs this for /. Plain nc, since not every busybox has a wget that works.
printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
cat ../header.html
printf 'GET /cgi-bin/entries HTTP/1.0\r\n\r\n' | nc -w 5 api 8080 | sed '1,/^\r*$/d' |
  grep . || echo '<li>The API does not answer.'
echo '</ul>'
