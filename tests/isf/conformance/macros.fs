/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "level", "TYPE": "float", "DEFAULT": 0.75}]
}*/
#define tex2D texture2D
#define tex texture
#define read IMG_NORM_PIXEL
#define pixel(c) IMG_PIXEL(inputImage, c)
#define amount level
#define time TIME
#define sized \
    IMG_SIZE
#define iResolution vec3(RENDERSIZE, 1.0)
vec4 mainImage(vec2 fragCoord) {
    vec2 uv = fragCoord / iResolution.xy;
    vec4 one = tex2D(inputImage, uv), two = tex(inputImage, uv), three = read(inputImage, uv);
    vec4 four = pixel(uv * sized(inputImage));
    return vec4(one.r, two.g, 0.5 * three.b + 0.5 * four.b, amount + time);
}
void main() { gl_FragColor = mainImage(gl_FragCoord.xy); }
