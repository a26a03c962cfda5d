/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Rings around a point, driven by time.",
    "INPUTS": [
        {"NAME": "centre", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
        {"NAME": "width", "TYPE": "float", "MIN": 0.05, "MAX": 0.5, "DEFAULT": 0.1},
        {"NAME": "speed", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.25}
    ]
}*/
void main() {
    vec2 off = isf_FragNormCoord - centre;
    off.x *= RENDERSIZE.x / RENDERSIZE.y;
    float wave = 0.5 + 0.5 * sin((length(off) / width - TIME * speed) * 3.14159265);
    gl_FragColor = vec4(wave, wave * wave, 1.0 - wave, 1.0);
}
