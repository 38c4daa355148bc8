"""sessiontop: live customer sessions of several vendors in one terminal."""
