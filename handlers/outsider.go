package handlers

import (
	"net/http"

	"congso/handlers/web"
	"congso/store/model"
)

// Outsider answers requests without a server as the portal that o describes answers a reader from outside the department without a login:
// whoever asks, from whatever address and with whatever cookies. No view is counted, nothing is packed and nothing comes out of memory.
func Outsider(o Options) http.Handler { return outsider{New(o)} }

type outsider struct{ front *Front }

func (o outsider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := o.front.AcquireContext()
	defer o.front.ReleaseContext(c)
	c.Reset(r, w)
	web.SetViewer(c, model.Viewer{})
	if err := o.front.route(c); err != nil {
		o.front.HTTPErrorHandler(err, c)
	}
}
