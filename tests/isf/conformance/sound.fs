/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "wave", "TYPE": "audio"},
        {"NAME": "bins", "TYPE": "audioFFT"},
        {"NAME": "newest", "TYPE": "audio", "MAX": 8},
        {"NAME": "groups", "TYPE": "audioFFT", "MAX": 4}
    ]
}*/
void main() {
    vec2 at = vec2(isf_FragNormCoord.x, 0.5);
    int row = int(gl_FragCoord.y);
    if (row == 0) gl_FragColor = IMG_NORM_PIXEL(wave, at);
    else if (row == 1) gl_FragColor = IMG_NORM_PIXEL(bins, at);
    else if (row == 2) gl_FragColor = IMG_PIXEL(newest, gl_FragCoord.xy * vec2(0.5, 0.0) + 0.25);
    else if (row == 3) gl_FragColor = texture2D(groups, at);
    else gl_FragColor = vec4(IMG_SIZE(wave).x / 32.0, IMG_SIZE(bins).x / 32.0, IMG_SIZE(newest).x / 32.0, IMG_SIZE(groups).x / 32.0);
}
