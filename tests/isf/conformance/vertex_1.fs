/*{
    "CREDIT": "version 1's names",
    "INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.5}]
}*/
varying vec2 half_way;
void main() { gl_FragColor = vec4(half_way, vv_FragNormCoord.x, 1.0); }
