"""What the site offers for download: the package, notebooks, archives."""
