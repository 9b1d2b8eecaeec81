package handlers

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// clientAddress reads the reader's address: the connection's own unless a proxy that is trusted says otherwise in X-Forwarded-For, whose last
// address is the one that the proxy itself has seen. What it says and cannot be read is "", somebody unknown: with the proxy's own address,
// which may be one of the department's, all the world would read what is internal.
func clientAddress(proxies []netip.Prefix) echo.IPExtractor {
	direct := echo.ExtractIPDirect()
	if len(proxies) == 0 {
		return direct
	}
	return func(r *http.Request) string {
		address := direct(r)
		for _, line := range slices.Backward(r.Header["X-Forwarded-For"]) {
			for more := true; more; {
				if !trusted(address, proxies) {
					return address
				}
				var said string
				said, line, more = lastOf(line)
				address = forwarded(said)
			}
		}
		return address
	}
}

// trusted reports whether address is that of a proxy.
func trusted(address string, proxies []netip.Prefix) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// lastOf is the last part of a list, and what stands before it; more says whether anything does.
func lastOf(list string) (last, before string, more bool) {
	if i := strings.LastIndexByte(list, ','); i >= 0 {
		return list[i+1:], list[:i], true
	}
	return list, "", false
}

// forwarded is the address that a proxy has written, some of them with brackets or a port; "" when it is none.
func forwarded(said string) string {
	said = strings.TrimSpace(said)
	if with, err := netip.ParseAddrPort(said); err == nil {
		return with.Addr().Unmap().WithZone("").String()
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(said, "["), "]"))
	if err != nil {
		return ""
	}
	return ip.Unmap().WithZone("").String()
}
