/*{
    "ISFVSN": "2",
    "DESCRIPTION": "What WebGL's authors write.",
    "INPUTS": [
        {"NAME": "level", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
        {"NAME": "inputImage", "TYPE": "image"}
    ]
}*/
#ifdef GL_ES
precision mediump float;
#endif
#define PI 3.14159265
#define AT(c) texture2D(inputImage, (c))

struct Light { vec3 colour; float power; };

float doubled = level * 2.0;
mat2 rotated(float a) { float c = cos(a), s = sin(a); return mat2(c, s, -s, c); }
Light made(in float power) { return Light(vec3(0.25, 0.5, 0.75), power); }
void add(inout vec3 sum, const vec3 more) { sum += more; }

void main(void) {
    vec2 uv = gl_FragCoord.xy / RENDERSIZE.xy;
    vec2 p = (uv - 0.5) * rotated(level * PI);
    Light light = made(doubled);
    vec3 c = vec3(0.0);
    for (float i = 0.0; i < 4.0; i += 1.0) {
        if (i > 2.5) break;
        add(c, light.colour * light.power * 0.25);
    }
    c *= 1.0 - clamp(2.0 * dot(p, p) + abs(p.x) * 0.5, 0.0, 1.0);
    gl_FragColor.rgb = uv.x < 0.5 ? c : AT(uv).rgb;
    gl_FragColor.a = step(0.5, uv.y) * 0.5 + 0.5;
}
