"""CPython's own AST as S-expressions, the same that pythonAst.ts prints of ours.

Reads {"name", "text"} per line, writes {"name", "body", "odd"} per line; `body` is null where CPython refuses the text.
`odd` marks statements that our parser leaves as written: named characters, lone surrogates, what NFKC changes.
"""
import ast, json, sys, unicodedata, warnings
def L(xs,f): return '['+' '.join(f(x) for x in xs)+']'
def O(x,f): return '-' if x is None else f(x)
def S(s): return json.dumps(','.join(str(ord(c)) for c in s))
def expo(v):
    if v!=v or v in (float('inf'),float('-inf')): return 'inf'
    m='%.12e'%v; a,b=m.split('e'); return a+'e'+('+' if int(b)>=0 else '-')+str(abs(int(b)))
OPS={'Add':'+','Sub':'-','Mult':'*','Div':'/','FloorDiv':'//','Mod':'%','MatMult':'@','Pow':'**','LShift':'<<','RShift':'>>','BitAnd':'&','BitOr':'|','BitXor':'^'}
CMP={'Lt':'<','Gt':'>','Eq':'==','NotEq':'!=','LtE':'<=','GtE':'>=','In':'in','NotIn':'notin','Is':'is','IsNot':'isnot'}
UN={'USub':'-','UAdd':'+','Invert':'~','Not':'not'}
def const(v):
    if v is None or v is True or v is False: return str(v)
    if v is Ellipsis: return 'Ellipsis'
    if isinstance(v,int): return 'i'+str(v)
    if isinstance(v,float): return 'f'+expo(v)
    if isinstance(v,complex): return 'j'+expo(v.imag)
    if isinstance(v,str): return 's'+S(v)
    if isinstance(v,bytes): return 'b'+S(v.decode('latin1'))
def fstr(vals):
    out=[];lit=''
    for p in vals:
        if isinstance(p,ast.Constant): lit+=p.value
        else:
            if lit: out.append('s'+S(lit)); lit=''
            out.append('{%s %s %s}'%(e(p.value), '-' if p.conversion==-1 else chr(p.conversion), fstr(p.format_spec.values) if p.format_spec else '(f )'))
    if lit: out.append('s'+S(lit))
    return '(f %s)'%' '.join(out)
def args(a,k): return L(a,e)+L(k,lambda y:'%s=%s'%(y.arg or '**',e(y.value)))
def params(a):
    n=len(a.posonlyargs)+len(a.args); d=[None]*(n-len(a.defaults))+a.defaults
    P=lambda p,v:'%s:%s=%s'%(p.arg,O(p.annotation,e),O(v,e))
    po='['+' '.join(P(p,d[i]) for i,p in enumerate(a.posonlyargs))+']'
    pa='['+' '.join(P(p,d[i+len(a.posonlyargs)]) for i,p in enumerate(a.args))+']'
    ko='['+' '.join(P(p,v) for p,v in zip(a.kwonlyargs,a.kw_defaults))+']'
    return po+pa+O(a.vararg,lambda p:P(p,None))+ko+O(a.kwarg,lambda p:P(p,None))
def clauses(gs): return L(gs,lambda c:'(for %s %s %s)'%(e(c.target),e(c.iter),L(c.ifs,e)))
def e(x):
    t=type(x).__name__
    if t=='Name': return x.id
    if t=='Constant': return const(x.value)
    if t=='JoinedStr': return fstr(x.values)
    if t in('Tuple','List','Set'): return '(%s %s)'%(t,L(x.elts,e))
    if t=='Dict': return '(Dict [%s])'%' '.join(O(k,e)+':'+e(v) for k,v in zip(x.keys,x.values))
    if t=='Attribute': return '(. %s %s)'%(e(x.value),x.attr)
    if t=='Subscript': return '([] %s %s)'%(e(x.value),e(x.slice))
    if t=='Slice': return '(slice %s %s %s)'%(O(x.lower,e),O(x.upper,e),O(x.step,e))
    if t=='Call': return '(call %s %s)'%(e(x.func),args(x.args,x.keywords))
    if t=='BinOp': return '(%s %s %s)'%(OPS[type(x.op).__name__],e(x.left),e(x.right))
    if t=='UnaryOp': return '(u%s %s)'%(UN[type(x.op).__name__],e(x.operand))
    if t=='BoolOp': return '(%s %s)'%(type(x.op).__name__.lower(),L(x.values,e))
    if t=='Compare': return '(cmp %s [%s])'%(e(x.left),' '.join(CMP[type(o).__name__]+' '+e(v) for o,v in zip(x.ops,x.comparators)))
    if t=='IfExp': return '(ifexp %s %s %s)'%(e(x.test),e(x.body),e(x.orelse))
    if t=='Lambda': return '(lambda %s %s)'%(params(x.args),e(x.body))
    if t in('ListComp','SetComp','GeneratorExp'): return '(%s %s - %s)'%(t,e(x.elt),clauses(x.generators))
    if t=='DictComp': return '(DictComp %s %s %s)'%(e(x.key),e(x.value),clauses(x.generators))
    if t=='Starred': return '(* %s)'%e(x.value)
    if t=='NamedExpr': return '(:= %s %s)'%(e(x.target),e(x.value))
    if t=='Await': return '(await %s)'%e(x.value)
    if t=='Yield': return '(yield %s)'%O(x.value,e)
    if t=='YieldFrom': return '(yieldfrom %s)'%e(x.value)
    return '?'+t
def pat(p):
    t=type(p).__name__
    if t=='MatchValue': return '(v %s)'%e(p.value)
    if t=='MatchSingleton': return '(v %s)'%p.value
    if t=='MatchAs': return '(as %s %s)'%(p.name or '-',O(p.pattern,pat))
    if t=='MatchStar': return '(* %s)'%(p.name or '-')
    if t=='MatchSequence': return '(seq %s)'%L(p.patterns,pat)
    if t=='MatchOr': return '(or %s)'%L(p.patterns,pat)
    if t=='MatchMapping': return '(map [%s] %s)'%(' '.join(e(k)+':'+pat(v) for k,v in zip(p.keys,p.patterns)),p.rest or '-')
    if t=='MatchClass': return '(cls %s %s [%s])'%(e(p.cls),L(p.patterns,pat),' '.join(k+'='+pat(v) for k,v in zip(p.kwd_attrs,p.kwd_patterns)))
def s(x):
    t=type(x).__name__; b=lambda xs:L(xs,s)
    if t=='Expr': return '(expr %s)'%e(x.value)
    if t=='Assign': return '(= %s %s)'%(L(x.targets,e),e(x.value))
    if t=='AugAssign': return '(%s= %s %s)'%(OPS[type(x.op).__name__],e(x.target),e(x.value))
    if t=='AnnAssign': return '(ann %s %s %s)'%(e(x.target),e(x.annotation),O(x.value,e))
    if t=='Return': return '(return %s)'%O(x.value,e)
    if t=='If': return '(if %s %s %s)'%(e(x.test),b(x.body),b(x.orelse))
    if t in('For','AsyncFor'): return '(for %s %s %s %s)'%(e(x.target),e(x.iter),b(x.body),b(x.orelse))
    if t=='While': return '(while %s %s %s)'%(e(x.test),b(x.body),b(x.orelse))
    if t in('With','AsyncWith'): return '(with %s %s)'%(L(x.items,lambda i:e(i.context_expr)+' as '+O(i.optional_vars,e)),b(x.body))
    if t in('Try','TryStar'): return '(try %s %s %s %s)'%(b(x.body),L(x.handlers,lambda h:'(except %s %s %s)'%(O(h.type,e),h.name or '-',b(h.body))),b(x.orelse),b(x.finalbody))
    if t in('FunctionDef','AsyncFunctionDef'): return '(%sdef %s %s %s %s %s)'%('async' if t[0]=='A' else '',x.name,params(x.args),O(x.returns,e),L(x.decorator_list,e),b(x.body))
    if t=='ClassDef': return '(class %s %s %s %s)'%(x.name,args(x.bases,x.keywords),L(x.decorator_list,e),b(x.body))
    if t=='Import': return '(import %s)'%L(x.names,lambda n:n.name+' '+(n.asname or '-'))
    if t=='ImportFrom': return '(from %d %s %s)'%(x.level,x.module or '-',L(x.names,lambda n:n.name+' '+(n.asname or '-')))
    if t=='Raise': return '(raise %s %s)'%(O(x.exc,e),O(x.cause,e))
    if t=='Assert': return '(assert %s %s)'%(e(x.test),O(x.msg,e))
    # `del (a, b)` is `del a, b`, which our tree does not tell apart.
    if t=='Delete': return '(del %s)'%L(x.targets[0].elts if len(x.targets)==1 and isinstance(x.targets[0],ast.Tuple) else x.targets,e)
    if t in('Global','Nonlocal'): return '(%s %s)'%(t,' '.join(x.names))
    if t in('Pass','Break','Continue'): return t
    if t=='Match': return '(match %s %s)'%(e(x.subject),L(x.cases,lambda c:'(case %s %s %s)'%(pat(c.pattern),O(c.guard,e),b(c.body))))
    return '?'+t
warnings.simplefilter('ignore')
sys.setrecursionlimit(20000)
for line in sys.stdin:
    given = json.loads(line)
    text = given['text']
    try:
        module = ast.parse(text)
    except Exception:
        print(json.dumps({'name': given['name'], 'body': None}))
        continue
    lines = text.split('\n')
    odd = []
    for x in module.body:
        source = '\n'.join(lines[x.lineno - 1:x.end_lineno])
        odd.append('\\N{' in source or '\\ud' in source.lower() or unicodedata.normalize('NFKC', source) != source)
    print(json.dumps({'name': given['name'], 'body': [s(x) for x in module.body], 'odd': odd}))
