"""The ISF host: from an author's GLSL to people's tiles, pass by pass.

`dialect` reads GLSL as authors write it, `source` wraps it for one instanced draw of many people,
`program` compiles and draws it, `buffers` keeps what its passes draw into. What a header says is
read by `performer.show.isf`; time, people and sound come with the Frame.
"""
