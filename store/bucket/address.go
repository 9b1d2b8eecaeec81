package bucket

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Scheme is what the address of a bucket begins with.
const Scheme = "s3://"

// Address says where a bucket is.
type Address struct {
	Bucket   string
	Prefix   string // what the keys of all files begin with: "", or a path that ends with a slash
	Endpoint string // host, with its port where that is not the usual one
	Secure   bool   // HTTPS
	Region   string
	Style    Style // how a request names the bucket
}

// Style is how a request names the bucket.
type Style int

// In the path for every service but those known to want it in the host's name, always in the path, or always in the host's name.
const (
	StyleAuto Style = iota
	StylePath
	StyleHost
)

// ParseAddress reads s3://bucket/prefix?endpoint=https://host:port&region=…&path-style=true. The endpoint must be there; region is
// us-east-1 unless said otherwise, which is what services without regions go by.
func ParseAddress(text string) (a Address, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.User != nil || u.Fragment != "" {
		return a, errors.New("it must be s3://bucket/prefix?endpoint=https://host:port, and its keys are settings of their own")
	}
	a = Address{Bucket: u.Host, Region: "us-east-1"}
	if a.Prefix = strings.Trim(u.Path, "/"); a.Prefix != "" {
		a.Prefix += "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return a, fmt.Errorf("what follows the question mark cannot be read: %w", err)
	}
	for name, values := range query {
		if len(values) != 1 {
			return a, fmt.Errorf("%s is said twice", name)
		}
		if err := a.set(name, values[0]); err != nil {
			return a, err
		}
	}
	if a.Endpoint == "" {
		return a, errors.New("it has no endpoint, such as ?endpoint=https://s3.example.vn:9000")
	}
	return a, nil
}

func (a *Address) set(name, value string) error {
	switch name {
	case "endpoint":
		return a.setEndpoint(value)
	case "region":
		a.Region = value
	case "path-style":
		inPath, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("path-style %q is neither true nor false", value)
		}
		if a.Style = StyleHost; inPath {
			a.Style = StylePath
		}
	default:
		return fmt.Errorf("nothing is known of %q: there are endpoint, region and path-style", name)
	}
	return nil
}

func (a *Address) setEndpoint(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return errors.New("its endpoint is no address of a service, such as https://s3.example.vn:9000") // and may hold a key
	}
	a.Endpoint, a.Secure = u.Host, u.Scheme == "https"
	return nil
}
