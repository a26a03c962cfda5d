/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]
}*/
struct common { float sample; vec2 texture; float filter; };
float smooth(float x) { return x * x; }
vec2 patch(vec2 input, float active) { return input * active; }
float flat = 0.25;
#define precise 0.5
float layout = 0.25;
float centroid(float x) { return x; }
void main() {
    float sample = 0.5, output = 0.25;
    vec4 texture = texture2D(inputImage, isf_FragNormCoord);
    vec4 input = texture;
    float filter = smooth(sample) + flat;
    bool active = filter == 0.5;
    float half = 0.5, long = 1.0, short = 0.0, double = 2.0, fixed = 0.5, buffer = 1.0, shared = 0.0;
    common resource = common(sample, vec2(output), filter);
    resource.sample += 0.25;
    resource.texture.x += layout + centroid(0.0);
    float[2] using;
    using[0] = half * double;
    using[1] = long - short + shared - buffer + fixed - precise;
    vec2 this = patch(vec2(resource.sample, resource.texture.x), active ? using[0] : 0.0);
    float sampler = 0.25, unsigned = 0.0, cast = 0.0, public = using[1], packed = 0.0, goto = 0.0;
    gl_FragColor = vec4(this, sampler + unsigned + cast + public + packed + goto, input.r * resource.filter * 2.0);
}
