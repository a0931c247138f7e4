"""What every request passes on its way in and out; no business rule."""
