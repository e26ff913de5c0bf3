
startTables();
startProvenance();
startBrowser();
