/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "step", "TYPE": "float", "DEFAULT": 0.0625}],
    "PASSES": [{"TARGET": "sum", "PERSISTENT": true, "FLOAT": true}, {"TARGET": "bytes", "PERSISTENT": true}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(sum) + vec4(step, -step, 0.0, 0.0);
    if (PASSINDEX == 1) gl_FragColor = IMG_THIS_PIXEL(bytes) + vec4(vec3(8.0 / 255.0), 1.0);
    if (PASSINDEX == 2) {
        vec4 kept = IMG_THIS_PIXEL(sum);
        gl_FragColor = vec4(kept.r, -kept.g / 2.0, IMG_THIS_PIXEL(bytes).r, 1.0);
    }
}
