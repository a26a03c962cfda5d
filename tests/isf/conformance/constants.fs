/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.25}]
}*/
const float wanted = level;
const highp vec2 sized = 4.0 / RENDERSIZE;
const int most = 2 * (1 + 3);
float kept[most];
const float known = sin(0.0) + 0.5;
float twice(const float x) { return x * 2.0; }
void main() {
    const float local = wanted + 0.25;
    const int n = int(floor(local * 8.0));
    float sum = 0.0;
    for (int i = 0; i < n; i++) sum += 0.125;
    kept[most - 1] = twice(wanted) * known;
    gl_FragColor = vec4(sum, sized.x, kept[7], 1.0);
}
