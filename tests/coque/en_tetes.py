ATTENDUS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def verifier(reponse):
    adresse = reponse.request.get("PATH_INFO", "")
    for nom, valeur in ATTENDUS.items():
        assert reponse.headers.get(nom) == valeur, f"{adresse} : {nom}"
    for nom in ("Access-Control-Allow-Origin", "Server", "X-Powered-By"):
        assert nom not in reponse.headers, f"{adresse} : {nom}"
    politique = reponse["Content-Security-Policy"]
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in politique, adresse
    assert "unsafe" not in politique and "*" not in politique
    assert "microphone=()" in reponse["Permissions-Policy"]
