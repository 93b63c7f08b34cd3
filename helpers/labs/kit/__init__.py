"""What every lab is built from: controls, read-outs, a plane to draw in."""
