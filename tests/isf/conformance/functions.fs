/*{"ISFVSN": "2"}*/
float round(float x) { return x + 0.5; }
vec2 round(vec2 x) { return x + 0.25; }
mat2 inverse(mat2 m) { return m * 2.0; }
float tanh(float x) { return x * 0.5; }
float sinh(float x) { return 0.125; }
float trunc(float x) { return 0.5; }
mat2 transpose(mat2 m) { return mat2(1.0, 0.0, 0.0, 1.0); }
float determinant(mat2 m) { return 0.25; }
bool isnan(float x) { return true; }
vec4 texture(vec2 at) { return vec4(at, 0.0, 0.25); }
float smoothstep(float x) { return 0.75; }
float mix(float x) { return x; }
float sample(float x) { return 0.0; }
float saturate(float x) { return clamp(x, 0.0, 1.0); }
void main() {
    mat2 twice = inverse(mat2(0.25, 0.0, 0.0, 0.25));
    float red = round(0.25) + tanh(0.25) + mix(0.0) + sample(1.0) - sinh(9.0);
    float green = round(vec2(0.0)).y + twice[0][0] * trunc(7.0) + transpose(mat2(3.0))[0][1];
    float blue = isnan(0.0) ? determinant(mat2(1.0)) + texture(vec2(0.0)).a : 0.0;
    gl_FragColor = vec4(red, green, blue, saturate(smoothstep(0.0) + 0.125));
}
