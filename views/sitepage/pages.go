package sitepage

import "congso/views/ui"

// Pages is what the numbers under a list need.
type Pages = ui.Pages
