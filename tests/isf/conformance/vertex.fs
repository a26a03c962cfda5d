/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "shift", "TYPE": "float", "DEFAULT": 0.25}]
}*/
varying vec2 left_coord;
varying vec2 right_coord;
varying vec3 told[2];
void main() {
    gl_FragColor = vec4(left_coord.x, right_coord.y, told[0].z + told[1].x, IMG_NORM_PIXEL(inputImage, right_coord).r);
}
