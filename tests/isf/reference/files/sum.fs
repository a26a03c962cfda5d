/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A memory of floats: below nothing, above all, and finer than a byte.",
    "INPUTS": [
        {"NAME": "add", "TYPE": "float", "MIN": -0.5, "MAX": 0.5, "DEFAULT": 0.125},
        {"NAME": "again", "TYPE": "event"}
    ],
    "PASSES": [{"TARGET": "total", "PERSISTENT": true, "FLOAT": true, "WIDTH": 8, "HEIGHT": 8}, {}]
}*/
void main() {
    if (PASSINDEX == 0) {
        vec4 before = IMG_THIS_PIXEL(total);
        if (FRAMEINDEX == 0 || again) before = vec4(0.0, 2.0, -1.0, 1.0);
        gl_FragColor = before + vec4(add, -add, 0.0005, 0.0);
    }
    else {
        vec4 now = IMG_THIS_PIXEL(total);
        gl_FragColor = vec4(now.r * 0.25 + 0.5, now.g * 0.25, (now.b + 1.0) * 100.0, 1.0);
    }
}
