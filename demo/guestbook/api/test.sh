# What the API promises, checked while its image is built.
set -e
export BOOK=/tmp/test-entries
cd /srv/cgi-bin
REQUEST_METHOD=GET ./entries | grep -q 'Nobody has signed yet'
printf 'text=Hello+%%3Cb%%3E' | REQUEST_METHOD=POST CONTENT_LENGTH=18 ./entries | grep -q '<li>Hello &lt;b&gt;'
echo 'api: 2 tests passed'
