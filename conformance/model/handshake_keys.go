package model

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"math/big"
	"strings"
)

// AcceptKey returns the value of Sec-WebSocket-Accept that proves that the
// request with this Sec-WebSocket-Key was understood (RFC 6455 §4.2.2): key as
// the text it is on the wire, without surrounding blanks.
func AcceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// ConnectionKey returns the key of a connection of hybi-04, from which the masks
// of its frames are made: key and nonce as the texts they are on the wire.
func ConnectionKey(key, nonce string) [20]byte {
	return sha1.Sum([]byte(key + nonce + "61AC5F19-FBBA-4540-B96F-6561F1AB40A8"))
}

// Digest returns the sixteen octets that prove that a request with these keys was
// understood, in 76 and hybi-01 to -03; false if key1 or key2 is none. Key3 is
// the eight octets behind the request.
func Digest(key1, key2, key3 string) (string, bool) {
	part1, ok1 := keyPart(key1)
	part2, ok2 := keyPart(key2)
	if !ok1 || !ok2 {
		return "", false
	}
	sum := md5.Sum([]byte(part1 + part2 + key3))
	return string(sum[:]), true
}

// keyPart returns the number hidden in a key as four octets: all its digits as
// one number, divided by its spaces. It is no key without digits or spaces, if
// the division leaves a rest, or if 32 bits do not hold the result.
func keyPart(key string) (string, bool) {
	var digits strings.Builder
	spaces := int64(0)
	for _, b := range []byte(key) {
		if b >= '0' && b <= '9' {
			digits.WriteByte(b)
		}
		if b == ' ' {
			spaces++
		}
	}
	number, ok := new(big.Int).SetString(digits.String(), 10)
	if !ok || spaces == 0 {
		return "", false
	}
	part, rest := new(big.Int).QuoRem(number, big.NewInt(spaces), new(big.Int))
	if rest.Sign() != 0 || part.BitLen() > 32 {
		return "", false
	}
	return string(part.FillBytes(make([]byte, 4))), true
}
