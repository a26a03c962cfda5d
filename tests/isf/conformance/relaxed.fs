// A licence, with a { in it.
/* And another comment { "INPUTS": 3 } */
/*
{
    // what it is
    "DESCRIPTION": "a url: https://example.org/*not a comment",
    "CREDIT": "one", "CREDIT": "two",
    "VSN": 2.0, "MADE WITH": {"nothing": [null,],},
    "INPUTS": [
        {"NAME": "level", "TYPE": "Float", "MIN": .0, "MAX": 1., "DEFAULT": .25, "DEFAULT": 0.75,},
        {"NAME": "tone", "TYPE": "COLOR", "DEFAULT": [+.5, 1, 0,],},
    ],
}
*/
void main() { gl_FragColor = vec4(level, tone.rga); }
