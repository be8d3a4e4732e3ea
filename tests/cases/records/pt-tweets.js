window.YTD.tweets.part0 = [
  {"tweet": {"id_str": "901", "created_at": "Tue May 13 10:20:00 +0000 2025", "full_text": "A feira do livro abre às dez.", "lang": "pt", "favorite_count": "4"}},
  {"tweet": {"id_str": "902", "created_at": "Wed May 14 10:20:00 +0000 2025", "full_text": "Chove, mas há tendas.", "lang": "pt"}}
]
