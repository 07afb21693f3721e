// Verifies the judge's requests with gomodule/oauth1. It signs and does not verify, and draws its own nonces: its base string is written
// by its own code, and HMAC and comparison are the standard library's. The protocol that every peer speaks stands in foreign.rs.
package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
	_ "unsafe" // The base string is not exported.

	_ "github.com/gomodule/oauth1/oauth"
)

//go:linkname writeBaseString github.com/gomodule/oauth1/oauth.writeBaseString
func writeBaseString(w io.Writer, method string, u *url.URL, form url.Values, oauthParams map[string]string)

var key = []byte("0123456789abcdefghijklmnopqrstuv&s3cret00000000000000000000000001")

type received struct{ method, url, authorization, body string }

func verify(request received) bool {
	protocol := map[string]string{}
	for _, piece := range strings.Split(strings.TrimPrefix(request.authorization, "OAuth "), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(piece), "=")
		value, err := url.PathUnescape(strings.Trim(value, `"`))
		if err != nil {
			return false
		}
		protocol[name] = value
	}
	theirs, err := base64.StdEncoding.DecodeString(protocol["oauth_signature"])
	if err != nil {
		return false
	}
	delete(protocol, "oauth_signature")
	target, err := url.Parse(request.url)
	if err != nil {
		return false
	}
	form, err := url.ParseQuery(request.body)
	if err != nil {
		return false
	}
	var base bytes.Buffer
	writeBaseString(&base, request.method, target, form, protocol)
	mac := hmac.New(sha1.New, key)
	mac.Write(base.Bytes())
	return hmac.Equal(mac.Sum(nil), theirs)
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	right, unsound := map[string][]received{}, map[string]bool{}
	var shapes []string
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		field := strings.Split(line, "\t")
		shape, isRight := field[0], field[1] == "right"
		request := received{field[2], field[3], field[4], field[6]}
		if len(shapes) == 0 || shapes[len(shapes)-1] != shape {
			shapes = append(shapes, shape)
		}
		if isRight {
			right[shape] = append(right[shape], request)
		}
		unsound[shape] = unsound[shape] || verify(request) != isRight
	}
	greeting := "gomodule/oauth1, " + runtime.Version()
	for _, shape := range shapes {
		if !unsound[shape] {
			greeting += "\t" + shape
		}
	}
	fmt.Println(greeting)
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		shape, number, _ := strings.Cut(commands.Text(), "\t")
		count, _ := strconv.Atoi(number)
		requests := right[shape]
		start := time.Now()
		for at := 0; at < count; at++ {
			verify(requests[at%len(requests)])
		}
		fmt.Println(time.Since(start).Nanoseconds())
	}
}
