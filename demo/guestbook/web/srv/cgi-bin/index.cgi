#!/bin/sh
# The page itself: httpd runs this for /.
printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
cat ../header.html
wget -q -T 5 -O - http://api:8080/cgi-bin/entries || echo '<li>The API does not answer.'
echo '</ul>'
