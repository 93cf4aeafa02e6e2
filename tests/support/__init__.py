"""What the tests share: the built site, a browser, copies of the project, servers, programs."""
