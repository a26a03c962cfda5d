/*{
    "ISFVSN": "2",
    "DESCRIPTION": "WebGL keeps its own functions beside an author's of the same name."
}*/
int mod(int a, int b) { return a - b * (a / b); }
float mix(in float x) { return x * 0.5; }
float smoothstep(float a, float b, float x) { return 0.25; }
vec2 length(vec2 a, highp float by);
vec3 cross(float x) { return vec3(x); }
void main() {
    float red = float(mod(7, 4)) / 4.0 - mod(3.5, 2.0) / 6.0 + mod(vec2(1.0, 5.0), 4.0).y * 0.0;
    float green = mix(0.5) + mix(0.0, 0.5, 0.5) + smoothstep(0.0, 1.0, 9.0);
    vec2 blue = length(vec2(0.125), 2.0) * length(vec2(3.0, 4.0)) * smoothstep(0.0, 1.0, vec2(0.4)) / 2.0;
    gl_FragColor = vec4(red, green, blue.y, cross(vec3(1.0, 0.0, 0.0), vec3(0.0, 1.0, 0.0)).z * cross(0.5).x);
}
vec2 length(vec2 a, float by) { return a * by; }
