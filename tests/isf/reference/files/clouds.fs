/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Noise of permuted whole numbers: functions, loops, arrays.",
    "INPUTS": [
        {"NAME": "zoom", "TYPE": "float", "MIN": 1.0, "MAX": 8.0, "DEFAULT": 4.0},
        {"NAME": "rough", "TYPE": "float", "MIN": 0.25, "MAX": 0.75, "DEFAULT": 0.5},
        {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.9, 0.7, 0.5, 1.0]}
    ]
}*/
#define OCTAVES 4

float permuted(float x) {
    x = (x * 34.0 + 1.0) * x;
    return x - floor((x + 0.5) / 289.0) * 289.0;
}

float corner(vec2 at) { return permuted(permuted(mod(at.x, 64.0)) + mod(at.y, 64.0)) / 288.0; }

float noise(vec2 x) {
    vec2 i = floor(x), f = x - i;
    f = f * f * (3.0 - 2.0 * f);
    float low = mix(corner(i), corner(i + vec2(1.0, 0.0)), f.x);
    float high = mix(corner(i + vec2(0.0, 1.0)), corner(i + vec2(1.0)), f.x);
    return mix(low, high, f.y);
}

void main() {
    vec2 p = isf_FragNormCoord * zoom;
    float heights[OCTAVES];
    float height = 0.5;
    for (int i = 0; i < OCTAVES; i++) {
        heights[i] = height * noise(p);
        height *= rough;
        p = p * 2.0 + 3.0;
    }
    float sum = 0.0;
    for (int i = 0; i < OCTAVES; i++) sum += heights[i];
    gl_FragColor = vec4(tint.rgb * sum, tint.a);
}
