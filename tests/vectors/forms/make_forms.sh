#!/bin/sh
# Writes the files of this folder anew, from messages of the folders beside it, with openssl, base64, xxd, hexdump, sed, awk
# and iconv.
set -eu
cd "$(dirname "$0")"

request=../bouncycastle/pkidata-tcr-ec-ski-ber.der
response=../collected/usgest-certs-only.der
p10=../collected/libest-pkcs10-ec.der
cert=../bouncycastle/ra.crt.der

crlf() { awk '{ printf "%s\r\n", $0 }'; }
lines() { base64 -w 64 "$1"; }
pem() { printf -- '-----BEGIN %s-----\n' "$1"; lines "$2"; printf -- '-----END %s-----\n' "$1"; }
size() { wc -c <"$1" | tr -d ' '; }

# base64
lines "$response" >wrapped.b64
base64 -w 0 "$response" >one-line.b64
lines "$p10" | tr '+/' '-_' | tr -d '=' >url-safe.b64
lines "$response" | sed 's/^/  /' | crlf >indented-crlf.b64

# hexadecimal
xxd -p "$p10" >plain.hex
xxd -p -u -c 1000 "$p10" | tr -d '\n' | sed 's/^/0x/' >prefixed-upper.hex
xxd -p -c 15 "$p10" | sed 's/../&:/g; s/^/    /' >colons.hex
xxd -i <"$p10" >initialiser.hex
xxd "$p10" >xxd.hex
xxd -g 1 -c 8 "$p10" | crlf >xxd-single-crlf.hex
hexdump -v -C "$p10" >hexdump.hex

# PEM
openssl req -inform DER -in "$p10" >request.pem
openssl req -inform DER -in "$p10" -text >request-text.pem
openssl pkcs7 -inform DER -in "$response" >pkcs7.pem
pem CMS "$response" | crlf >crlf.pem
pem CMS "$response" | tr '\n' '\r' >cr.pem
pem 'CMC REQUEST' "$request" | sed 's/^/    /; s/$/  /' >indented.pem
{ printf -- '-----BEGIN PKCS7-----\n'; base64 -w 0 "$response"; printf '\n-----END PKCS7-----'; } >long-line.pem
pem 'NEW CERTIFICATE REQUEST' "$p10" | tr -d '\n' >lost-line-ends.pem
{
  printf 'Subject: CN=Atlantis\nIssuer: CN=Atlantis\nValidity: from 7/9/2012 3:10:38 AM UTC to 7/9/2013 3:10:37 AM UTC\n'
  pem CERTIFICATE "$cert"
} >explained.pem
{
  printf -- '-----BEGIN PKCS7-----\nProc-Type: 4,CLEAR\nX-Note: folded\n  over two lines\n\n'
  lines "$response"
  printf -- '-----END PKCS7-----\n'
} >headers.pem
{
  printf 'A file with "-----BEGIN X-----" in its text\n\n'
  pem CERTIFICATE "$cert"
  printf '\nbetween\n'
  pem 'CERTIFICATE REQUEST' "$p10"
  pem CMS "$response"
  printf 'behind\n'
} >several.pem
{ printf '\357\273\277'; cat pkcs7.pem; } >utf8-mark.pem
{ printf '\377\376'; crlf <pkcs7.pem | iconv -t UTF-16LE; } >utf16le.pem
{ printf '\376\377'; crlf <pkcs7.pem | iconv -t UTF-16BE; } >utf16be.pem
crlf <pkcs7.pem | iconv -t UTF-16LE >utf16le-no-mark.pem

# MIME
{
  printf 'To: ca@example.org\nSubject: please\nMIME-Version: 1.0\n'
  printf 'Content-Type: application/pkcs7-mime; smime-type=CMC-Request;\n\tname="request.p7m"\n'
  printf 'Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=request.p7m\n\n'
  lines "$request"
} | crlf >cmc-request.eml
{ printf 'Content-Type: application/PKCS10; name=smime.p10\r\nContent-Transfer-Encoding: binary\r\n\r\n'; cat "$p10"; } >binary.eml
{
  printf 'Content-Type: application/pkcs7-mime; smime-type=certs-only\nContent-Transfer-Encoding: quoted-printable\n\n'
  pem PKCS7 "$response" | sed 's/=/=3D/g; s/^\(.\{40\}\)\(.\)/\1=\n\2/'
} >quoted-printable.eml
{
  printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="a;b"\n\nfor readers without MIME\n--a;b\n'
  printf 'Content-Type: text/plain\n\nHello\n--a;bc\nThis is no boundary.\n--a;b\n'
  printf 'Content-Type: multipart/alternative; boundary=inner\n\n--inner\n'
  printf 'Content-Type: application/pkix-cert\nContent-Transfer-Encoding: base64\n\n'
  lines "$cert"
  printf -- '--inner--\n--a;b\n'
  printf 'Content-Type: application/octet-stream; name="smime.p7m"\nContent-Transfer-Encoding: base64\n\n'
  lines "$response"
  printf -- '--a;b\nContent-Type: application/x-pem-file\nContent-Transfer-Encoding: base64\n\n'
  pem 'CERTIFICATE REQUEST' "$p10" | base64
  printf -- '--a;b--\nepilogue\n'
} >multipart.eml

# HTTP
{
  printf 'POST /cmc HTTP/1.1\r\nHost: ca.example.org\r\nContent-Type: application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m\r\n'
  printf 'Content-Length: %s\r\n\r\n' "$(size "$request")"
  cat "$request"
} >request.http
{
  printf 'HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime; smime-type=certs-only\r\n\r\n'
  lines "$response" | crlf
} >est.http
{
  printf 'HTTP/1.1 400 Bad Request\nContent-Type: application/pkcs7-mime; smime-type=CMC-Response\nContent-Length: %s\n\n' "$(size "$response")"
  cat "$response"
  printf '\n'
} >bad-request.http
{
  printf 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-pkcs7-certs\r\n\r\n'
  printf '64;note=x\r\n'
  head -c 100 "$response"
  printf '\r\n0001A4\r\n'
  tail -c +101 "$response"
  printf '\r\n0\r\nTrailer: x\r\n\r\n'
} >chunked.http
{ printf 'HTTP/2 200 \r\ncontent-type: application/pkcs7-mime\r\ntransfer-encoding: chunked\r\n\r\n'; cat "$response"; } >joined.http
{ printf 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n'; pem PKCS7 "$response" | crlf; } >pem.http
{
  printf 'HTTP/1.1 200 OK\nContent-Type: multipart/mixed ; boundary=estServerExampleBoundary\n\n--estServerExampleBoundary\n'
  printf 'Content-Type: text/plain\n\nno key here\n--estServerExampleBoundary\n'
  printf 'Content-Type: application/pkcs7-mime; smime-type=certs-only\nContent-Transfer-Encoding: base64\n\n'
  lines "$response"
  printf -- '--estServerExampleBoundary--\n'
} | crlf >multipart.http
