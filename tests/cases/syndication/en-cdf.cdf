<?xml version="1.0"?>
<CHANNEL HREF="http://push.example/"><TITLE>Push</TITLE>
<ITEM HREF="http://push.example/1" LASTMOD="1998-11-05T10:00"><TITLE>Pushed</TITLE><ABSTRACT>By a channel.</ABSTRACT></ITEM>
</CHANNEL>
